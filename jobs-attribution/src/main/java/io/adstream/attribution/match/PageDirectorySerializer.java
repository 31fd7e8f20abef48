package io.adstream.attribution.match;

import io.adstream.common.type.ImmutableSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** A {@link PageDirectory} in state: 16 bytes, and 24 per page. */
public final class PageDirectorySerializer extends ImmutableSerializer<PageDirectory> {

    static final PageDirectorySerializer INSTANCE = new PageDirectorySerializer();

    private static final long serialVersionUID = 1L;

    private PageDirectorySerializer() {}

    @Override
    public PageDirectory createInstance() {
        return PageDirectory.NONE;
    }

    @Override
    public void serialize(PageDirectory directory, DataOutputView out) throws IOException {
        out.writeInt(directory.nextPage());
        out.writeLong(directory.evicted());
        out.writeInt(directory.pages().size());
        for (PageDirectory.Page page : directory.pages()) {
            out.writeInt(page.number());
            out.writeInt(page.count());
            out.writeLong(page.oldest());
            out.writeLong(page.newest());
        }
    }

    @Override
    public PageDirectory deserialize(DataInputView in) throws IOException {
        int nextPage = in.readInt();
        long evicted = in.readLong();
        int size = in.readInt();
        List<PageDirectory.Page> pages = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            pages.add(
                    new PageDirectory.Page(
                            in.readInt(), in.readInt(), in.readLong(), in.readLong()));
        }
        return new PageDirectory(pages, nextPage, evicted);
    }

    @Override
    public TypeSerializerSnapshot<PageDirectory> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which serializer it was. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<PageDirectory> {

        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
