# Two images: the dashboard's, and (the last one) the Flink cluster's, which is Flink as its project publishes it with the fat jars
# of the jobs and conf/.
FROM eclipse-temurin:17.0.13_11-jdk AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/var/cache/maven \
    ./mvnw -B -ntp -Dmaven.repo.local=/var/cache/maven -pl jobs-metrics,jobs-attribution,jobs-budget,jobs-features,jobs-anomaly,jobs-quality,dashboard -am -DskipTests -Dspotless.check.skip package

FROM eclipse-temurin:17.0.13_11-jre AS dashboard
RUN useradd --system --no-create-home adstream
COPY conf/dashboard.yaml /opt/adstream/conf/
COPY --from=build /src/dashboard/target/lib /opt/adstream/lib
COPY --from=build /src/dashboard/target/dashboard.jar /opt/adstream/lib/
USER adstream
ENV ADSTREAM_CONF_DIR=/opt/adstream/conf
ENTRYPOINT ["java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-cp", "/opt/adstream/lib/*", "io.adstream.dashboard.Dashboard"]

FROM flink:2.2.0-java17
COPY --chown=flink:flink conf /opt/adstream/conf
COPY --chown=flink:flink conf/config.yaml /opt/flink/conf/config.yaml
COPY --chmod=755 docker/submit-job /usr/local/bin/submit-job
COPY --from=build /src/jobs-metrics/target/adstream-metrics.jar \
    /src/jobs-attribution/target/adstream-attribution.jar \
    /src/jobs-budget/target/adstream-budget.jar \
    /src/jobs-features/target/adstream-features.jar \
    /src/jobs-anomaly/target/adstream-anomaly.jar \
    /src/jobs-quality/target/adstream-quality.jar /opt/adstream/jobs/
RUN mkdir -p /var/lib/adstream/flink && chown -R flink:flink /var/lib/adstream
ENV ADSTREAM_CONF_DIR=/opt/adstream/conf
