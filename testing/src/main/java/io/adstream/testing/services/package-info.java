/** Real Kafka, Redis and PostgreSQL servers for tests, embedded or in containers. */
@NullMarked
package io.adstream.testing.services;

import org.jspecify.annotations.NullMarked;
