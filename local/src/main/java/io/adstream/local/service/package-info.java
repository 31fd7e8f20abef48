/** Kafka, Redis and PostgreSQL as processes of their own. */
@NullMarked
package io.adstream.local.service;

import org.jspecify.annotations.NullMarked;
