import { memo, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { type CellsView, type Palette, paintCells } from './paint-cells.ts';

interface Props extends CellsView {
  /** Changes with every decision. */
  readonly version: number;
  /** Pixels of the first cell painted, from the corner of the grid. */
  readonly left: number;
  readonly top: number;
}

/** The cells in sight as one picture under them; painted before the frame is shown. */
export const CellPicture = memo(function CellPicture(props: Props) {
  const { rows, columns, size, left, top } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useSyncExternalStore(onSchemeChange, schemeNow);
  const palette = useRef<{ readonly of: string; readonly colours: Palette } | null>(null);
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d', { alpha: false });
    if (!element || !context) return;
    if (palette.current?.of !== scheme) palette.current = { of: scheme, colours: paletteOf(element) };
    const scale = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(columns.count * size * scale), Math.round(rows.count * size * scale)];
    // Setting a size takes new memory even where it is the same.
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    paintCells(context, palette.current.colours, props);
  });
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a canvas without a tab index takes no focus.
    <canvas
      ref={canvas}
      className="decisions-picture"
      aria-hidden="true"
      style={{ left, top, width: columns.count * size, height: rows.count * size }}
    />
  );
}, alike);

/** By what is painted; stretches are made anew with every look. */
function alike(one: Props, other: Props): boolean {
  return (
    one.matrix === other.matrix &&
    one.version === other.version &&
    one.order === other.order &&
    one.pointed === other.pointed &&
    one.size === other.size &&
    one.left === other.left &&
    one.top === other.top &&
    one.rows.first === other.rows.first &&
    one.rows.count === other.rows.count &&
    one.columns.first === other.columns.first &&
    one.columns.count === other.columns.count
  );
}

/** The page's colours as a canvas takes them: tokens of the style sheet differ by theme, so the browser works them out. */
function paletteOf(element: HTMLElement): Palette {
  const read = (token: string): string => {
    element.style.color = `var(${token})`;
    return getComputedStyle(element).color;
  };
  const colours = {
    bg: read('--bg'),
    sunken: read('--sunken'),
    teacher: read('--teacher'),
    lost: read('--lost'),
    ink: read('--ink'),
    line: read('--line'),
  };
  element.style.color = '';
  return colours;
}

const dark = () => matchMedia('(prefers-color-scheme: dark)');

const schemeNow = (): string =>
  `${document.documentElement.dataset.theme ?? 'system'} ${dark().matches} ${window.devicePixelRatio}`;

function onSchemeChange(changed: () => void): () => void {
  const query = dark();
  query.addEventListener('change', changed);
  window.addEventListener('resize', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    query.removeEventListener('change', changed);
    window.removeEventListener('resize', changed);
    observer.disconnect();
  };
}
