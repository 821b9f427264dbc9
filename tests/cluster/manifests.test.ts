import fs from "node:fs";
import path from "node:path";
import { Job } from "kubernetes-models/batch/v1/Job";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readShard } from "../../src/cli/shards/shard-options.ts";
import { gigafleet, makeFolder } from "../cli/gigafleet.ts";

const read = (name: string) => parse(fs.readFileSync(path.join("docs/cluster", name), "utf8"));

test("the manifests are valid by the schema of Kubernetes, and those with a wrong field are not", () => {
  const job = read("indexed-job.yaml");
  expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job" });
  expect(() => new Job(job).validate()).not.toThrow();
  expect(() => new PersistentVolumeClaim(read("parts-claim.yaml")).validate()).not.toThrow();
  const { backoffLimitPerIndex, ...spec } = job.spec;
  expect(backoffLimitPerIndex).toBe(3);
  for (const wrong of [{ backoffLimitPerIndex: "three" }, { completions: "eight" }, { template: undefined }])
    expect(() => new Job({ ...job, spec: { ...spec, ...wrong } }).validate()).toThrow();
});

test("the Job's rules beyond the schema: an index of its own limit, and no retry of codes 1 and 2", () => {
  const { spec } = read("indexed-job.yaml");
  // backoffLimitPerIndex and FailIndex need an Indexed Job whose pods never restart.
  expect([spec.completionMode, spec.template.spec.restartPolicy]).toEqual(["Indexed", "Never"]);
  const [fail] = spec.podFailurePolicy.rules;
  expect(fail).toMatchObject({ action: "FailIndex", onExitCodes: { operator: "In", values: [1, 2] } });
  const [container] = spec.template.spec.containers;
  expect(fail.onExitCodes.containerName).toBe(container.name);
  const volumes = spec.template.spec.volumes.map(({ name }: { name: string }) => name);
  expect(container.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(volumes);
  expect(spec.template.spec.volumes[1].persistentVolumeClaim.claimName).toBe(
    read("parts-claim.yaml").metadata.name,
  );
});

test("the pods of the Job run all shards, as the program reads them", () => {
  const { spec } = read("indexed-job.yaml");
  const { args } = spec.template.spec.containers[0];
  const folder = makeFolder();
  fs.copyFileSync("scenarios/starter.yaml", path.join(folder, "starter.yaml"));
  const words = args.map((word: string) =>
    word === "/plan/starter.yaml"
      ? "starter.yaml"
      : word === "/parts"
        ? "parts"
        : word === "10000"
          ? "8"
          : word,
  );
  const { completions } = spec;
  expect(
    readShard({ shards: String(completions) }, { JOB_COMPLETION_INDEX: String(completions - 1) }),
  ).toMatchObject({
    shard: completions,
    shards: completions,
  });
  for (let index = 0; index < completions; index++) {
    const { code, stderr } = gigafleet(folder, words, { JOB_COMPLETION_INDEX: String(index) });
    expect(stderr).toContain(`shard ${index + 1} of ${completions} (JOB_COMPLETION_INDEX=${index}): points `);
    expect(code).toBe(0);
  }
  expect(gigafleet(folder, ["merge", "parts", "--out", "merged"]).code).toBe(0);
  expect(fs.readFileSync(path.join(folder, "merged/sweep.csv"), "utf8").split("\n")).toHaveLength(103);
});
