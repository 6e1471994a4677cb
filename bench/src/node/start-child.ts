// Starts a child process with contestants; its service is the environment's.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createBirpc } from "birpc";
import type { Running } from "../run.ts";
import type { Service } from "../service.ts";

/** Starts child.ts with the parameters that say who takes part. */
export function startChild(...parameters: readonly string[]): Running {
  const child = fork(fileURLToPath(new URL("./child.js", import.meta.url)), parameters, {
    // Libraries print greetings on standard output, where the report goes.
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
  });
  const service = createBirpc<Service>(
    {},
    {
      post: (question) => child.connected && child.send(question),
      on: (listener) => child.on("message", listener),
      timeout: -1,
    },
  );
  child.once("exit", (code, signal) => {
    service.$close(new Error(`the process of the contestants ended with ${signal ?? code}`));
  });
  const close = async () => {
    if (child.connected) child.disconnect();
  };
  return { service, close };
}
