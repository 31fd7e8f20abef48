/** The parts of the page: what each reads, and its parameters. */
@NullMarked
package io.adstream.dashboard.view;

import org.jspecify.annotations.NullMarked;
