import { useEffect, useRef } from "preact/hooks";

/** Elements near the screen: what is far away is drawn when there is time. */
const near = new WeakSet<Element>();
const LATE = new Map<Element, () => void>();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target);
      else near.delete(target);
      if (isIntersecting) flush(target);
    }
  },
  { rootMargin: "300px" },
);

function flush(target: Element): void {
  const draw = LATE.get(target);
  LATE.delete(target);
  draw?.();
}

/** Draws one of those that wait, and then the next. */
function flushLater(): void {
  const idle = globalThis.requestIdleCallback ?? ((done: () => void) => setTimeout(done, 50));
  idle(() => {
    const [first] = LATE.keys();
    if (first) flush(first);
    if (LATE.size > 0) flushLater();
  });
}

/**
 * HTML that the engine made; every text in it is escaped. Replacing it keeps what a reader has opened and where the focus is; without
 * any, and with the same again, the last one stays.
 */
export function Html({ html, class: name }: { readonly html: string | undefined; readonly class?: string }) {
  const element = useRef<HTMLDivElement>(null);
  const drawn = useRef<string | undefined>(undefined);
  useEffect(() => {
    const own = element.current;
    if (!own) return;
    observer.observe(own);
    return () => {
      observer.unobserve(own);
      LATE.delete(own);
    };
  }, []);
  useEffect(() => {
    const own = element.current;
    if (!own || html === undefined) return;
    // What waits is of an earlier answer.
    LATE.delete(own);
    if (html === drawn.current) return;
    const draw = () => {
      drawn.current = html;
      replace(own, html);
    };
    if (near.has(own) || own.childNodes.length === 0) return draw();
    LATE.set(own, draw);
    if (LATE.size === 1) flushLater();
  }, [html]);
  return <div ref={element} class={name} />;
}

function replace(own: HTMLElement, html: string): void {
  const opened = [...own.querySelectorAll("details")].map(({ open }) => open);
  const focus = own.contains(document.activeElement) ? positionOf(own, document.activeElement) : -1;
  own.innerHTML = html;
  for (const [index, details] of own.querySelectorAll("details").entries())
    details.open = opened[index] ?? false;
  if (focus >= 0) focusable(own)[focus]?.focus();
}

function focusable(own: HTMLElement): readonly HTMLElement[] {
  return [...own.querySelectorAll<HTMLElement>("button, summary, [tabindex]")];
}

function positionOf(own: HTMLElement, active: Element | null): number {
  return focusable(own).indexOf(active as HTMLElement);
}
