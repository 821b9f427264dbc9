import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TracedField } from "../../../analysis/trace/trace-node.ts";
import { percent } from "../../../charts/kit/numbers.ts";
import type { PostedNode } from "../../messages.ts";
import { closeTrace, goTo, pin, unfold } from "../actions.ts";
import { draft, type OpenNode, trace } from "../state.ts";
import { makingInWords } from "../words.ts";

/** What a number is made of, down to the inputs and their sources. */
export function TraceView() {
  const shown = trace.value;
  if (!shown) return <p class="lead">Click a number of the answer to see what it is made of.</p>;
  return (
    <section
      class="trace"
      aria-label="What the number is made of"
      tabIndex={-1}
      onKeyDown={({ key }) => key === "Escape" && closeTrace()}
    >
      <p class="row">
        <button type="button" class="plain" onClick={closeTrace}>
          Back to the number <small>(Escape)</small>
        </button>
      </p>
      <p class="lead">
        {shown.text} You clicked {shown.clicked}.{" "}
        {shown.metric === "trials"
          ? "Ranges, chances and medians of the answer are of these."
          : shown.isOfTrials
            ? "This is of the trials; the figures below it are those of the plain run, in which uncertain values are at their medians."
            : "Below, uncertain values are at their medians: that is the plain run, and not the median of the trials."}
      </p>
      {shown.isStale && (
        <p class="warn">The plan has changed since. Click the number again for what holds now.</p>
      )}
      <ul key={shown.count}>
        <Branch opened={{ node: shown.root, path: [] }} isOpen />
      </ul>
    </section>
  );
}

function Branch({ opened, isOpen = false }: { readonly opened: OpenNode; readonly isOpen?: boolean }) {
  const { node } = opened;
  const children = useSignal<readonly OpenNode[] | undefined>(undefined);
  const hasMore = node.children.length > 0 || node.hidden !== undefined || hasDetails(node);
  const open = async () => {
    children.value ??= await unfold(opened);
  };
  useEffect(() => {
    if (isOpen) void open();
  }, []);
  if (!hasMore)
    return (
      <li class="leaf">
        <NodeLine node={node} />
      </li>
    );
  return (
    <li>
      <details open={isOpen} onToggle={({ currentTarget }) => void (currentTarget.open && open())}>
        <summary>
          <NodeLine node={node} />
        </summary>
        {isOpen && node.digits !== undefined && <p class="why">With more digits: {node.digits}</p>}
        {(node.notes ?? []).map((text) => (
          <p key={text} class="why">
            {text}
          </p>
        ))}
        {node.reads && (
          <p class="why">Reads {node.reads.map(({ name, value }) => `${name} ${value}`).join(", ")}</p>
        )}
        {node.zeros && <p class="why">Zero: {node.zeros.join(", ")}</p>}
        {node.field && <Source field={node.field} />}
        {children.value && children.value.length > 0 && (
          <ul>
            {children.value.map((one) => (
              <Branch key={one.path.join(".")} opened={one} />
            ))}
          </ul>
        )}
      </details>
    </li>
  );
}

function hasDetails({ field, notes, reads, zeros }: PostedNode): boolean {
  return field !== undefined || notes !== undefined || reads !== undefined || zeros !== undefined;
}

const SIGNS: Readonly<Record<string, string>> = { "-": "\u2212 ", "/": "\u00f7 ", x: "\u00d7 ", "+": "+ " };

function NodeLine({ node }: { readonly node: PostedNode }) {
  const { name, label, whose, month, number, digits, sign, share, how } = node;
  const of = whose === "" ? "" : ` of ${whose}`;
  // A month is not broken at its dash.
  const when = month === undefined ? "" : ` in ${month.replaceAll("-", "\u2011")}`;
  return (
    <span class="node">
      <span class="what" title={name}>
        {sign === undefined ? "" : SIGNS[sign]}
        {label.split(/(?<=[._/])/).flatMap((part) => [part, <wbr key={part} />])}
        <small>
          {of}
          {when}
        </small>
      </span>
      <b title={digits}>{number}</b>
      <small class="how">
        {[share === undefined ? "" : percent(share), makingInWords(how)].filter(Boolean).join(", ")}
      </small>
    </span>
  );
}

/** Where an input comes from: as written, how sure, its source, its place. */
function Source({ field }: { readonly field: TracedField }) {
  const { path, declaredAt, text, rows, quality, asOf, source, url, place, note, overrode } = field;
  const line = placeIn(place);
  return (
    <div class="source">
      <p>
        <code>{declaredAt}</code>: {rows ?? text}
      </p>
      {(quality || source) && (
        <p>
          {[quality, asOf].filter(Boolean).join(" ")}
          {source && `: ${source}`}
        </p>
      )}
      {url && /^https?:\/\//.test(url) && (
        <p>
          <a href={url} target="_blank" rel="noopener noreferrer">
            {url}
          </a>
        </p>
      )}
      {note && <p>{note}</p>}
      {overrode.map((earlier) => (
        <p key={earlier.from}>
          instead of {earlier.text} in {earlier.from}
        </p>
      ))}
      <p class="row">
        {line === undefined ? (
          <small>{place}</small>
        ) : (
          <button type="button" class="plain" onClick={() => goTo({ line, column: 1, length: 0 })}>
            Show line {line} of the plan
          </button>
        )}
        <button type="button" class="plain" onClick={() => pin(declaredAt === "" ? path : declaredAt)}>
          Show its slider
        </button>
      </p>
    </div>
  );
}

/** The line of a place in the scenario that is edited. */
function placeIn(place: string): number | undefined {
  const at = place.lastIndexOf(":");
  return place.slice(0, at) === draft.value.file ? Number(place.slice(at + 1)) || undefined : undefined;
}
