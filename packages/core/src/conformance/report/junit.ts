// A report as JUnit XML, which CI servers read: a suite for each topic of cases, a test for each case.
import type { CaseResult, ConformanceReport } from "../run.ts";

/** The report as one JUnit document. Times are in seconds. */
export function formatJUnit(report: ConformanceReport): string {
  const topicOf = ({ id }: CaseResult) => id.slice(0, id.indexOf("/"));
  const topics = [...new Set(report.results.map(topicOf))];
  const suites = topics.map((topic) =>
    suite(
      topic,
      report.results.filter((result) => topicOf(result) === topic),
    ),
  );
  const name = `${report.backend} and the sampling spec`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...totals(report.results) })}>`,
    ...suites,
    "</testsuites>",
    "",
  ].join("\n");
}

function suite(topic: string, results: readonly CaseResult[]): string {
  const tests = results.map((result) => test(topic, result)).join("\n");
  return `  <testsuite${attributes({ name: topic, ...totals(results) })}>\n${tests}\n  </testsuite>`;
}

function test(topic: string, { id, title, status, reason, failure, milliseconds }: CaseResult): string {
  const tag = `    <testcase${attributes({ classname: topic, name: `${id}: ${title}`, time: milliseconds / 1000 })}`;
  if (status === "passed") return `${tag}/>`;
  const body =
    status === "failed"
      ? `<failure${attributes({ type: failure!.clause, message: failure!.message.split("\n")[0] })}>${text(
          `${failure!.message}\nreplay ${failure!.replay}`,
        )}</failure>`
      : status === "unexpected-pass"
        ? `<failure${attributes({ type: "unexpected pass", message: reason ?? "" })}/>`
        : `<skipped${attributes({ message: reason ?? "" })}/>`;
  return `${tag}>${body}</testcase>`;
}

function totals(results: readonly CaseResult[]) {
  const count = (statuses: readonly string[]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    tests: results.length,
    failures: count(["failed", "unexpected-pass"]),
    errors: 0,
    skipped: count(["skipped", "known-failure"]),
    time: results.reduce((total, { milliseconds }) => total + milliseconds, 0) / 1000,
  };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${text(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML allows it: escaped, without the control characters that XML 1.0 has no way to write. */
function text(value: string): string {
  return value.replace(/[^\P{Cc}\t\n\r]/gu, "").replace(/[&<>"]/g, (c) => ENTITIES[c]);
}
