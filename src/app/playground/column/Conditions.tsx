import { Fragment } from 'react';
import type { RecordedCheckpoint } from '../../../formats/recording/recording.ts';
import { conditions } from '../../../state/readings/speed-up.ts';
import { isTerm } from '../../glossary.ts';
import { Term } from '../../ui/Term.tsx';

/** `WASM · 2 threads · int8`, where the words that need it explain themselves. */
export function Conditions({ info }: { readonly info: RecordedCheckpoint }) {
  return conditions(info)
    .split(' · ')
    .map((word, i) => {
      const id = word.toLowerCase();
      return (
        <Fragment key={word}>
          {i > 0 && ' · '}
          {isTerm(id) ? <Term id={id}>{word}</Term> : word}
        </Fragment>
      );
    });
}
