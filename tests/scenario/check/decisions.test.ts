/** Names in `compare` and `optimize` are checked when the scenario is read, not only by the command that needs them. */

import { describe, expect, test } from "vitest";
import { faultsOf, load, scenarioText } from "../load-files.ts";

const WORKLOADS = `models:
  small: { parameters: 1 billion, layers: 10, hidden: 1024, heads: 16, head_dim: 64, attention: mha, context: 1000 tokens, weight_precision: bf16, compute_precision: bf16, kv_precision: bf16 }
workloads:
  chat: { kind: inference, model: small, requests: 1 requests/s, prompt: 100 tokens, answer: 100 tokens, speed: 20 tokens/s, value: 1 USD/(million tokens) }
`;
const faults = (more: string) => faultsOf(load(scenarioText({ more: `${more}\n` })), true).join("\n");

describe("a name of nothing is refused where it is written, with near ones", () => {
  test.each([
    ["optimize: { replace: [frist] }", "`optimize.replace` names an unknown fleet `frist` | `first`"],
    ["optimize: { chips: [h10] }", "`optimize.chips` names an unknown chip `h10` | "],
    ["optimize: { sites: [eats] }", "`optimize.sites` names an unknown site `eats` | `east`"],
    ["optimize: { min_share: { gb30: 5 % } }", "`optimize.min_share.gb30` names an unknown chip `gb30` | "],
    ["optimize: { max_share: { gb30: 5 % } }", "`optimize.max_share.gb30` names an unknown chip `gb30` | "],
    [
      "optimize: { chip_supply: { gb30: 5 chips } }",
      "`optimize.chip_supply.gb30` names an unknown chip `gb30`",
    ],
    [
      "optimize: { vendor_spend: { nobody: 1 USD } }",
      "`optimize.vendor_spend.nobody` names an unknown vendor",
    ],
    ["optimize: { serve: { all: 95 % } }", "`optimize.serve.all` names an unknown workload `all`"],
    [`${WORKLOADS}optimize: { serve: { chta: 95 % } }`, "names an unknown workload `chta` | `chat`"],
    [
      "let: { scale: 1, other: 2 }\ncompare: { scale: scael }",
      "names an unknown number under `let` `scael` | `scale`",
    ],
    ["let: { scale: 1 + 1 }\ncompare: { scale: scale }", "names an unknown number under `let` `scale`"],
  ])("%s", (more, words) => {
    expect(faults(more)).toContain(words);
  });

  test.each([
    "optimize: { replace: [first], sites: [east] }",
    `${WORKLOADS}optimize: { serve: { chat: 95 %, all: 90 % } }`,
    "let: { scale: 1 }\ncompare: { scale: scale }",
  ])("%s names what is there", (more) => {
    expect(faults(more)).not.toContain("unknown");
  });

  test("a number that is at fault itself is not called unknown, too", () => {
    const text = faults("let: { scale: 1 furlong }\ncompare: { scale: scale }");
    expect(text).toContain("unknown-unit");
    expect(text).not.toContain("unknown-reference");
  });
});
