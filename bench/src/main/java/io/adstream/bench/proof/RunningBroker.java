package io.adstream.bench.proof;

import io.adstream.testing.services.KafkaBroker;

/** The broker of a system that somebody else started. */
final class RunningBroker extends KafkaBroker {

    private final String address;

    RunningBroker(String address) {
        this.address = address;
    }

    @Override
    public String bootstrapServers() {
        return address;
    }

    @Override
    public String host() {
        return address.substring(0, address.lastIndexOf(':'));
    }

    @Override
    public int port() {
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    @Override
    public void close() {
        admin().close();
    }
}
