package io.adstream.local.system;

import io.adstream.local.Report;

/** The addresses of a system, for people. */
final class Addresses {

    private Addresses() {}

    static void print(Report report, DataDir data, Ports ports) {
        Endpoints endpoints = new Endpoints(ports, data.postgresPasswordFile());
        report.say(
                "adstream is up\n"
                        + "\n  Dashboard    "
                        + endpoints.dashboard()
                        + "\n  Flink WebUI  "
                        + endpoints.flink()
                        + "\n  Kafka        "
                        + endpoints.kafka()
                        + "\n  Redis        "
                        + endpoints.redis()
                        + "\n  PostgreSQL   "
                        + endpoints.postgresUrl()
                        + "  user "
                        + endpoints.postgresUser()
                        + ", password in "
                        + endpoints.postgresPasswordFile()
                        + "\n  Logs         "
                        + data.logs()
                        + "\n\n  ./adstream status    how it is\n"
                        + "  ./adstream down      stops it; up continues where it was\n");
    }
}
