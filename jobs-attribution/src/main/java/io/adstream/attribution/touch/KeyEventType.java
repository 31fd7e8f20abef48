package io.adstream.attribution.touch;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's view of a {@link KeyEvent}: its own serializer, no fields of interest. */
public final class KeyEventType extends TypeInformation<KeyEvent> {

    public static final KeyEventType INSTANCE = new KeyEventType();

    private static final long serialVersionUID = 1L;

    private KeyEventType() {}

    @Override
    public boolean isBasicType() {
        return false;
    }

    @Override
    public boolean isTupleType() {
        return false;
    }

    @Override
    public int getArity() {
        return 1;
    }

    @Override
    public int getTotalFields() {
        return 1;
    }

    @Override
    public Class<KeyEvent> getTypeClass() {
        return KeyEvent.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<KeyEvent> createSerializer(SerializerConfig config) {
        return KeyEventSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "KeyEvent";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyEventType;
    }

    @Override
    public int hashCode() {
        return KeyEventType.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof KeyEventType;
    }
}
