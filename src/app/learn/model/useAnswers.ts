/** Keeps a figure's answers in step with what it asks: recorded at first, then the model's own. */

import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../../errors.ts';
import {
  type AnswerBook,
  alreadyAnswered,
  askForLesson,
  type LessonQuestion,
  type LessonRecording,
  questionName,
  recordedBook,
} from '../../../state/learn/lesson-answers.ts';
import { embeddedFor } from '../../../state/models/model-slots.ts';
import { useModels } from '../../../state/models/models.ts';
import { useRun } from '../../../state/run/run.ts';
import type { ScorerSlot } from '../../../workers/types.ts';

/** Longer than between two keystrokes. */
const REST_MS = 250;

export interface Answerer {
  /** The lesson's model is loaded and free: what is asked now is answered now. */
  readonly live: boolean;
  /** Answers stand in that were recorded; undefined until they are fetched, and where that is not needed. */
  readonly recording: LessonRecording | undefined;
  /** What went wrong with a question; null: nothing. */
  readonly error: string | null;
  /** Asks again after an error. */
  retry(): void;
}

/** Whether the slot holds the lesson's model, the embedded one, and no ranking has it. */
export function useLive(slot: ScorerSlot): boolean {
  const held = useModels((s) => s.slots[slot]);
  const catalog = useModels((s) => s.catalog);
  const ranking = useRun((s) => s.active);
  return (
    held.status === 'ready' &&
    !ranking &&
    catalog !== null &&
    held.model?.id === embeddedFor(slot, catalog)?.id
  );
}

/**
 * @param wanted what the figure shows answers to; may be a new list each time
 * @param file name of the lesson's recording
 * @param note takes new answers
 */
export function useAnswers(
  slot: ScorerSlot,
  wanted: readonly LessonQuestion[],
  book: AnswerBook,
  note: (answers: AnswerBook) => void,
  file: string,
): Answerer {
  const live = useLive(slot);
  const recording = useRecording(file, !live);
  const info = useModels((s) => s.slots[slot].ready?.info);
  const [error, setError] = useState<string | null>(null);
  const current = useRef({ wanted, book, note });
  current.current = { wanted, book, note };
  const missing = wanted
    .map(questionName)
    .filter((name) => !book[name] || (live && book[name].recorded))
    .join('\n');

  useEffect(() => {
    if (missing === '' || error !== null) return;
    const open = () => {
      const names = new Set(missing.split('\n'));
      return current.current.wanted.filter((question) => names.has(questionName(question)));
    };
    if (!live || !info) {
      const all = recording ? recordedBook(recording) : {};
      const found = Object.entries(all).filter(([name]) => missing.split('\n').includes(name));
      if (found.length > 0) current.current.note({ ...current.current.book, ...Object.fromEntries(found) });
      return;
    }
    const known = alreadyAnswered(info, open());
    if (Object.keys(known).length > 0) {
      current.current.note({ ...current.current.book, ...known });
      return;
    }
    let stopped = false;
    const ask = async (): Promise<void> => {
      const questions = open();
      // One template at a time: the answers change what is missing, and the rest is asked then.
      const text = questions[0]?.template.text;
      const answers = await askForLesson(
        slot,
        questions.filter(({ template }) => template.text === text),
      );
      if (answers && !stopped) current.current.note({ ...current.current.book, ...answers });
    };
    const timer = setTimeout(
      () => ask().catch((reason: unknown) => !stopped && setError(messageOf(reason))),
      REST_MS,
    );
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [missing, live, info, recording, error, slot]);
  return { live, recording: live ? undefined : recording, error, retry: () => setError(null) };
}

const fetched = new Map<string, Promise<LessonRecording | undefined>>();

/** A lesson's recording, once somebody needs it; one that cannot be had is none: the model is waited for. */
function useRecording(file: string, needed: boolean): LessonRecording | undefined {
  const [recording, setRecording] = useState<LessonRecording>();
  useEffect(() => {
    if (!needed) return;
    let current = true;
    const path = `samples/recordings/${file}.json`;
    const promise = fetched.get(file) ?? fetchRecording(path);
    fetched.set(file, promise);
    void promise.then((got) => {
      if (!got) fetched.delete(file);
      if (current) setRecording(got);
    });
    return () => {
      current = false;
    };
  }, [file, needed]);
  return recording;
}

async function fetchRecording(path: string): Promise<LessonRecording | undefined> {
  try {
    const answer = await fetch(new URL(path, document.baseURI));
    return answer.ok ? ((await answer.json()) as LessonRecording) : undefined;
  } catch {
    return undefined;
  }
}
