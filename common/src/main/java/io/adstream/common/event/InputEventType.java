package io.adstream.common.event;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's view of an {@link InputEvent}: its own serializer, no fields of interest. */
public final class InputEventType extends TypeInformation<InputEvent> {

    private final int stringFields;
    private final int numberFields;

    public InputEventType(int stringFields, int numberFields) {
        this.stringFields = stringFields;
        this.numberFields = numberFields;
    }

    /** The type of events of several contracts, whose records go through one stream. */
    public static InputEventType of(EventContract... contracts) {
        int strings = 0;
        int numbers = 0;
        for (EventContract contract : contracts) {
            strings = Math.max(strings, contract.stringFields());
            numbers = Math.max(numbers, contract.numberFields());
        }
        return new InputEventType(strings, numbers);
    }

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
    public Class<InputEvent> getTypeClass() {
        return InputEvent.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<InputEvent> createSerializer(SerializerConfig config) {
        return new InputEventSerializer(stringFields, numberFields);
    }

    @Override
    public String toString() {
        return "InputEvent";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputEventType that
                && that.stringFields == stringFields
                && that.numberFields == numberFields;
    }

    @Override
    public int hashCode() {
        return 31 * stringFields + numberFields;
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof InputEventType;
    }
}
