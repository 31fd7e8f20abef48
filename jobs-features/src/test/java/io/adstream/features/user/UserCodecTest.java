package io.adstream.features.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class UserCodecTest {

    private final UserCodec codec = new UserCodec();

    @Test
    void aUserOfWhomNothingIsKnownTakesFourBytes() throws Exception {
        assertThat(codec.write(new User("u"))).hasSize(4);
    }

    @Test
    void aLaterVersionIsRefused() throws Exception {
        byte[] bytes = codec.write(new User("u"));
        bytes[0]++;

        assertThatThrownBy(() -> codec.read("u", bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2");
    }
}
