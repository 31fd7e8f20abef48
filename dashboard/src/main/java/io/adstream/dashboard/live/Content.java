package io.adstream.dashboard.live;

import java.util.List;

/**
 * What a view shows.
 *
 * @param data made into JSON
 * @param empty whether there is nothing to show, although all services answered
 * @param troubles why it is not the newest; none where it is
 */
public record Content(Object data, boolean empty, List<Trouble> troubles) {

    public Content {
        troubles = List.copyOf(troubles);
    }

    public static Content of(Object data, boolean empty) {
        return new Content(data, empty, List.of());
    }
}
