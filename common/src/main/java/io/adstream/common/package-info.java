/** What the jobs share: events, time, deduplication, configuration and connectors. */
package io.adstream.common;
