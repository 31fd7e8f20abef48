/** HTTP: pages, the JSON interface, the event stream, and who may see them. */
@NullMarked
package io.adstream.dashboard.web;

import org.jspecify.annotations.NullMarked;
