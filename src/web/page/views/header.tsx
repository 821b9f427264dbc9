import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { fixed } from "../../../charts/kit/numbers.ts";
import type { Answer, Replies, Shipped } from "../../messages.ts";
import { forget, keepOwn, openPlan, takeRival } from "../actions.ts";
import { keepConflict, loadConflict, save } from "../disk.ts";
import { MOST_BYTES } from "../draft.ts";
import { copyLink, download, downloadWorkbook, listFiles } from "../share.ts";
import {
  alarm,
  answer,
  calledOff,
  conflict,
  draft,
  isCutOff,
  isDirty,
  isKept,
  isReady,
  note,
  rival,
  saved,
} from "../state.ts";

/** What the whole plan is opened with, saved, sent and taken away. */
export function Header({ shipped }: { readonly shipped: Shipped }) {
  return (
    <header>
      <p class="row">
        <strong>Gigafleet</strong>
        {saved.value === undefined ? (
          <Scenarios shipped={shipped} />
        ) : (
          <>
            <span>{saved.value.file}</span>
            <button type="button" disabled={!isDirty.value} onClick={() => void save()}>
              {isDirty.value ? "Save" : "Saved"}
            </button>
          </>
        )}
        <button type="button" onClick={() => void copyLink()}>
          Copy a link
        </button>
        <Downloads />
        <button type="button" class="plain" onClick={forget}>
          Forget what this browser keeps
        </button>
      </p>
      {note.value && <output class="note">{note.value}</output>}
      {!isKept.value && (
        <output class="note">
          This browser has no room to keep the plan; {saved.value ? "save" : "download"} it before you close
          the page.
        </output>
      )}
      {calledOff.value && (
        <div class="row note">
          <output>{calledOff.value.text}</output>
          <button type="button" onClick={calledOff.value.again}>
            Begin it again
          </button>
        </div>
      )}
      {alarm.value && (
        <p class="warn" role="alert">
          {alarm.value}
        </p>
      )}
      {isCutOff.value && <CutOff />}
      {/* Of two plans to choose from, the file comes first: it is often the other one. */}
      {conflict.value ? !isCutOff.value && <Conflict /> : rival.value && <Rival />}
    </header>
  );
}

/** The shipped scenarios, and a file of one's own. */
function Scenarios({ shipped }: { readonly shipped: Shipped }) {
  const names = Object.keys(shipped.scenarios);
  return (
    <>
      <label>
        <span class="vh">Scenario</span>
        <select
          value={draft.value.file}
          onChange={({ currentTarget }) => {
            const file = currentTarget.value;
            const text = shipped.scenarios[file];
            if (text !== undefined) openPlan({ file, text, others: {}, moved: {}, pins: [] });
          }}
        >
          {!names.includes(draft.value.file) && <option value={draft.value.file}>{draft.value.file}</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label class="button">
        Open a file
        <input
          type="file"
          class="vh"
          accept=".yaml,.yml,.csv"
          multiple
          onChange={({ currentTarget }) => {
            void openFiles([...(currentTarget.files ?? [])]);
            currentTarget.value = "";
          }}
        />
      </label>
    </>
  );
}

/** The first scenario is the plan; what comes with it is what it may extend or read. */
async function openFiles(files: readonly File[]): Promise<void> {
  const large = files.find(({ size }) => size > MOST_BYTES);
  if (large) {
    const megabytes = (bytes: number) => `${fixed(bytes / 1e6)} MB`;
    note.value = `${large.name} is not opened: it has ${megabytes(large.size)}, and a scenario or table at most ${megabytes(MOST_BYTES)}.`;
    return;
  }
  const texts = await Promise.all(files.map(async (file) => [file.name, await file.text()] as const));
  const [own, ...others] = [...texts].sort(
    ([a], [b]) => Number(/\.csv$/i.test(a)) - Number(/\.csv$/i.test(b)),
  );
  if (own) openPlan({ file: own[0], text: own[1], others: Object.fromEntries(others), moved: {}, pins: [] });
}

/** The files of the run, the same bytes as the command's, and the plan itself. */
function Downloads() {
  const listed = useSignal<{ readonly run: Answer; readonly files: Replies["files"] } | undefined>(undefined);
  const isOpen = useSignal(false);
  const run = isReady.value ? answer.value : undefined;
  useEffect(() => {
    if (!isOpen.value) listed.value = undefined;
    else if (run) void listFiles().then((files) => (listed.value = { run, files }));
  }, [isOpen.value, run]);
  // Files of a plan that has changed are none of this plan: they come again with its last answer.
  const files = run !== undefined && listed.value?.run === run ? listed.value.files : [];
  return (
    <details
      class="menu"
      open={isOpen.value}
      onToggle={({ currentTarget }) => {
        isOpen.value = currentTarget.open;
      }}
    >
      <summary>Download</summary>
      <ul>
        <li>
          <button type="button" class="plain" onClick={() => download(draft.value.file, draft.value.text)}>
            {draft.value.file} <small>the plan, without moved sliders</small>
          </button>
        </li>
        {files.map(({ name, text }) => (
          <li key={name}>
            <button type="button" class="plain" onClick={() => download(name, text)}>
              {name}
            </button>
          </li>
        ))}
        {files.length > 0 && (
          <li>
            <button type="button" class="plain" onClick={() => void downloadWorkbook()}>
              plan.xlsx <small>a workbook that recalculates in Excel and LibreOffice Calc</small>
            </button>
          </li>
        )}
        {files.length === 0 && (
          <li>{run ? "Making the files\u2026" : "The files of the run are there when all trials are."}</li>
        )}
      </ul>
    </details>
  );
}

/** The server has ended, and with it what saves the plan. */
function CutOff() {
  return (
    <p class="warn" role="alert">
      <code>gigafleet open</code> has been stopped: this tab can neither save to {saved.value?.file} nor hear
      of its changes.{" "}
      {isDirty.value
        ? "The plan here is not in the file: download it before you close this tab."
        : "All changes are in the file."}{" "}
      Start <code>gigafleet open</code> again to go on.
    </p>
  );
}

/** Another tab, or an earlier visit, left another plan: both stay until a person chooses. */
function Rival() {
  const other = saved.value
    ? `Another tab, or an earlier visit, has changes to ${saved.value.file} that are neither saved nor here.`
    : `This browser keeps another plan than the one here: ${rival.value?.file}, from another tab, an earlier visit, or before a link was opened.`;
  return (
    <div class="warn" role="alert">
      <p>{other} Until you choose, your changes are kept for this tab alone.</p>
      <p class="row">
        <button type="button" onClick={takeRival}>
          Open the other plan
        </button>
        <button type="button" onClick={keepOwn}>
          Keep the plan here instead
        </button>
      </p>
    </div>
  );
}

/** The file on disk and the plan here differ: both stay until a person chooses. */
function Conflict() {
  const other = conflict.value;
  const name = saved.value?.file;
  return (
    <div class="warn" role="alert">
      <p>
        {other?.version === ""
          ? `${name} is gone from the disk, or cannot be read any more. The plan is still here.`
          : draft.value.base === undefined
            ? `The plan here came by a link, and ${name} holds another one. Nothing was overwritten.`
            : `${name} has changed on disk, and the plan here differs from it. Nothing was overwritten.`}
      </p>
      <p class="row">
        {other?.version !== "" && (
          <button type="button" onClick={loadConflict}>
            Load the file, drop the changes here
          </button>
        )}
        <button type="button" onClick={() => void keepConflict()}>
          Save the plan here to the file
        </button>
      </p>
      <details hidden={other?.version === ""}>
        <summary>The file on disk</summary>
        <pre>{other?.text}</pre>
      </details>
    </div>
  );
}
