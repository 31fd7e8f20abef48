# The image of the Flink cluster: Flink as its project publishes it, with the fat jars of the jobs and conf/.
FROM eclipse-temurin:17.0.13_11-jdk AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -ntp -pl jobs-metrics,jobs-attribution,jobs-budget,jobs-features,jobs-anomaly -am -DskipTests -Dspotless.check.skip package

FROM flink:2.2.0-java17
COPY --chown=flink:flink conf /opt/adstream/conf
COPY --chown=flink:flink conf/config.yaml /opt/flink/conf/config.yaml
COPY --chmod=755 docker/submit-job /usr/local/bin/submit-job
COPY --from=build /src/jobs-metrics/target/adstream-metrics.jar \
    /src/jobs-attribution/target/adstream-attribution.jar \
    /src/jobs-budget/target/adstream-budget.jar \
    /src/jobs-features/target/adstream-features.jar \
    /src/jobs-anomaly/target/adstream-anomaly.jar /opt/adstream/jobs/
RUN mkdir -p /var/lib/adstream/flink && chown -R flink:flink /var/lib/adstream
ENV ADSTREAM_CONF_DIR=/opt/adstream/conf
