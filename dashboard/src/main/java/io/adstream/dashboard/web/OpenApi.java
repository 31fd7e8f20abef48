package io.adstream.dashboard.web;

import io.adstream.dashboard.live.Json;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The description of the interface, which is written in YAML. */
final class OpenApi {

    private OpenApi() {}

    /** The same as JSON. */
    static byte[] json(String yaml) {
        return Json.bytes(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }
}
