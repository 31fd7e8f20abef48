/** Typed settings of a job: options, where their values come from, secrets, and their reference. */
package io.adstream.common.config;
