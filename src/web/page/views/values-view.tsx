import { useSignal } from "@preact/signals";
import type { Movable, Replies, Unmovable } from "../../messages.ts";
import { findValues, hold, move, pin, putAllBack, putBack, unpin, valueText } from "../actions.ts";
import { draft, influence, isSound, movables, problems, tab, unmovables } from "../state.ts";
import { valueInWords } from "../words.ts";

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Sliders that are shown at first. */
const FIRST = 12;

/** Every uncertain value, those that the cost follows most first, with a slider where one number can stand for it; and every pinned one. */
export function ValuesView() {
  const search = useSignal("");
  const isAll = useSignal(false);
  const certain = useSignal<Replies["find"]>([]);
  const { moved, pins } = draft.value;
  const words = wordsOf(search.value);
  const find = async (text: string): Promise<void> => {
    const list = wordsOf(text);
    const answer = list.length === 0 ? [] : await findValues(list);
    // A slower answer to fewer letters is out of date.
    if (search.value === text) certain.value = answer;
  };
  const rank = ({ line }: Unmovable) => (pins.includes(line) ? 2 : (influence.value?.byLine[line] ?? 0));
  const sorted = [...movables.value, ...unmovables.value].sort((a, b) => rank(b) - rank(a));
  const found = sorted.filter(({ name, line }) =>
    words.every((word) => `${name} ${line}`.toLowerCase().includes(word)),
  );
  const isShort = !isAll.value && words.length === 0 && found.length > FIRST;
  const shown = isShort
    ? found.filter((one, index) => index < FIRST || (isMovable(one) && one.path in moved))
    : found;
  const count = Object.keys(moved).length;
  if (!isSound.value && movables.value.length === 0) return <Unknown />;
  return (
    <div class="values">
      <p class="lead">
        Each slider holds one uncertain value at a number.{" "}
        {count === 0 ? "None is moved." : `${count} ${count === 1 ? "value is" : "values are"} moved.`}
      </p>
      <p class="row">
        <input
          type="search"
          aria-label="Find a value"
          placeholder="Find a value"
          value={search.value}
          onInput={({ currentTarget: { value } }) => {
            search.value = value;
            void find(value);
          }}
        />
        <button type="button" disabled={count === 0} onClick={putAllBack}>
          Put all back
        </button>
      </p>
      {shown.map((one) =>
        isMovable(one) ? (
          <Slider key={one.path} movable={one} />
        ) : (
          <WithoutSlider key={one.line} value={one} />
        ),
      )}
      {found.length === 0 && movables.value.length > 0 && (
        <p class="lead">No uncertain value has this name.</p>
      )}
      {certain.value.length > 0 && (
        <Certain found={certain.value.filter(({ path }) => !pins.includes(path))} />
      )}
      {isShort && (
        <p>
          <button
            type="button"
            onClick={() => {
              isAll.value = true;
            }}
          >
            Show all {found.length}
          </button>
        </p>
      )}
    </div>
  );
}

/** Stands in the place of the values of a plan that was never sound. */
function Unknown() {
  const errors = problems.value.filter(({ severity }) => severity === "error").length;
  return (
    <p class="lead">
      The plan has {errors === 1 ? "an error" : `${errors} errors`}; its values stand here once{" "}
      {errors === 1 ? "it is" : "they are"} mended.{" "}
      <button
        type="button"
        class="plain"
        onClick={() => {
          tab.value = "plan";
        }}
      >
        Show {errors === 1 ? "it" : "them"} in the plan
      </button>
    </p>
  );
}

/** Certain values that could have a slider. */
function Certain({ found }: { readonly found: Replies["find"] }) {
  return (
    <section aria-label="Certain values">
      <p class="lead">Certain in the plan:</p>
      {found.map(({ path, name, written }) => (
        <p key={path} class="row certain">
          <span>
            {name} <small>{written}</small>
          </span>
          <button type="button" onClick={() => pin(path)} aria-label={`Add a slider for ${name}`}>
            Add a slider
          </button>
        </p>
      ))}
    </section>
  );
}

function isMovable(one: Movable | Unmovable): one is Movable {
  return "path" in one;
}

/** An uncertain value that no one number stands for. */
function WithoutSlider({ value: { line, name, written, quality } }: { readonly value: Unmovable }) {
  return (
    <div class="slider">
      <span class="name">{name}</span>
      <small title={line}>
        {valueInWords(written)} (quality: {quality}). It has no slider, because it is an expression or varies
        by month; change it in the plan.
      </small>
    </div>
  );
}

function Slider({ movable }: { readonly movable: Movable }) {
  const { path, name, low, middle, high, step, quantiles, quality, written, isUncertain } = movable;
  const own = draft.value.moved[path];
  const position = own?.position ?? middle;
  const [from, to] = [Math.min(low, position), Math.max(high, position)];
  const share = (value: number) => `${((value - from) / (to - from)) * 100}%`;
  const [p5, p25, p75, p95] = quantiles;
  const id = `value-${path}`;
  return (
    <div class={own ? "slider moved" : "slider"}>
      <label for={id}>{name}</label>
      <output for={id}>{valueText(movable, position)}</output>
      <div class="track">
        {quantiles.length === 4 && (
          <>
            <span class="range" style={{ left: share(p5), right: `calc(100% - ${share(p95)})` }} />
            <span class="inner" style={{ left: share(p25), right: `calc(100% - ${share(p75)})` }} />
            <span class="median" style={{ left: share(middle) }} />
          </>
        )}
        <input
          id={id}
          type="range"
          min={from}
          max={to}
          step={step}
          value={position}
          aria-valuetext={valueText(movable, position)}
          onFocus={() => hold(movable)}
          onPointerDown={() => hold(movable)}
          onInput={({ currentTarget }) => move(movable, currentTarget.valueAsNumber)}
        />
      </div>
      <small title={path}>
        {isUncertain ? `${valueInWords(written)} (quality: ${quality})` : `${written}, certain in the plan`}
      </small>
      <span class="actions">
        {own && (
          <button type="button" class="plain" onClick={() => putBack(path)} aria-label={`Put ${name} back`}>
            Put back
          </button>
        )}
        {!isUncertain && (
          <button
            type="button"
            class="plain"
            onClick={() => unpin(path)}
            aria-label={`Remove the slider of ${name}`}
          >
            Remove
          </button>
        )}
      </span>
    </div>
  );
}
