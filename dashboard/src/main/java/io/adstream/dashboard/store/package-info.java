/** The services that the page reads: each call throws where one is away. */
@NullMarked
package io.adstream.dashboard.store;

import org.jspecify.annotations.NullMarked;
