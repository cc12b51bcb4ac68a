import type * as PlotModule from '@observablehq/plot';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useWidth } from '../../models/chart/useWidth.ts';
import { SavePicture } from './SavePicture.tsx';
import './pictures.css';

export type Plot = typeof PlotModule;

/** A drawing's numbers, for those who do not see it or want to know exactly. */
export interface Figures {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Props {
  readonly title: string;
  /** What the drawing shows, in a sentence or two: the same for everybody. */
  readonly summary: ReactNode;
  /** The drawing, by the library, for a width in pixels; the same function as long as nothing of it changes. */
  readonly draw: (plot: Plot, width: number) => ReturnType<Plot['plot']>;
  readonly figures: Figures;
  /** Of its files. */
  readonly name: string;
}

let library: Promise<Plot> | undefined;
/** Fetched with the first picture. */
export const loadPlot = (): Promise<Plot> => {
  library ??= import('@observablehq/plot').catch((error: unknown) => {
    // A connection that broke must not be the last word.
    library = undefined;
    throw error;
  });
  return library;
};

/** A picture with its sentence, its numbers as a table, and its files. */
export function PlotFigure({ title, summary, draw, figures, name }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const caption = useId();
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    if (width === 0) return;
    let current = true;
    loadPlot().then(
      (plot) => {
        if (!current || !box.current) return;
        setError(null);
        box.current.replaceChildren(withoutStyle(draw(plot, width)));
      },
      () => current && setError('The drawing could not be loaded. Its numbers are in the table.'),
    );
    return () => {
      current = false;
    };
  }, [draw, width]);
  const svg = (): SVGSVGElement | null => box.current?.querySelector('svg') ?? null;
  return (
    <figure className="picture" aria-labelledby={caption}>
      <figcaption id={caption}>
        <strong>{title}</strong> <span className="picture-summary">{summary}</span>
      </figcaption>
      {error && <p className="muted">{error}</p>}
      <div ref={box} className="picture-drawing" aria-hidden="true" />
      <div className="picture-foot">
        <details>
          <summary>
            As a table<span className="visually-hidden">: {title}</span>
          </summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key. */}
          <section className="picture-table" tabIndex={0} aria-label={`Table: ${title}`}>
            <table>
              <thead>
                <tr>
                  {figures.head.map((text) => (
                    <th key={text} scope="col">
                      {text}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {figures.rows.map((row) => (
                  <tr key={row[0]}>
                    {row.map((text, i) =>
                      i === 0 ? (
                        <th key={figures.head[i]} scope="row">
                          {text}
                        </th>
                      ) : (
                        <td key={figures.head[i]}>{text}</td>
                      ),
                    )}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </details>
        <SavePicture title={title} name={name} svg={svg} />
      </div>
    </figure>
  );
}

/** The library writes a style element, which the page's policy does not allow: its rules are in pictures.css. */
export function withoutStyle<T extends Element>(drawing: T): T {
  for (const style of drawing.querySelectorAll('style')) style.remove();
  return drawing;
}
