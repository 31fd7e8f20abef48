package io.adstream.metrics.slice;

import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;

/** Flink's view of a {@link SliceDelta}: its own serializer, no fields of interest. */
public final class SliceDeltaType extends TypeInformation<SliceDelta> {

    public static final SliceDeltaType INSTANCE = new SliceDeltaType();

    private static final long serialVersionUID = 1L;

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
    public Class<SliceDelta> getTypeClass() {
        return SliceDelta.class;
    }

    @Override
    public boolean isKeyType() {
        return false;
    }

    @Override
    public TypeSerializer<SliceDelta> createSerializer(SerializerConfig config) {
        return SliceDeltaSerializer.INSTANCE;
    }

    @Override
    public String toString() {
        return "SliceDelta";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SliceDeltaType;
    }

    @Override
    public int hashCode() {
        return SliceDeltaType.class.hashCode();
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof SliceDeltaType;
    }
}
