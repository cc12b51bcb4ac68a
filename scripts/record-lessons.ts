/**
 * Records what the lessons that ask a model ask first, with the embedded teacher on this machine: it stands in until a
 * reader's model has loaded. Run it after the model, its prompts or the lessons' passages have changed
 * (scripts/recorded-lessons.test.ts says when):
 *
 *   npx tsx scripts/record-lessons.ts
 */
import { writeFileSync } from 'node:fs';
import { cpus, platform } from 'node:os';
import { PASSAGES, QUERY } from '../src/app/learn/model/example.ts';
import { RECORDED_QUESTIONS, type RecordedQuestions } from '../src/app/learn/model/recorded-questions.ts';
import { askQuestions, promptsOf, type SingleAnswer } from '../src/ranking/questions.ts';
import { asSingle, type LessonRecording, type RecordedAnswer } from '../src/state/learn/lesson-answers.ts';
import { openModel } from '../trainer/scoring/model-folder.ts';

const root = new URL('../', import.meta.url);

const short = (value: number): number => Number(value.toFixed(4));

/** Asks all of a lesson's questions; also for the test, which compares. */
export async function recordLesson({ templates, questions }: RecordedQuestions): Promise<LessonRecording> {
  const { scorer } = await openModel(new URL('public/models/demo-teacher', root).pathname, 1, 'int8');
  const answers: RecordedAnswer[] = [];
  for (const [template, wording] of templates.entries()) {
    const own = questions.filter((question) => question.template === template);
    const job = {
      template: wording,
      questions: own.map(({ shown }) =>
        asSingle({ template: wording, query: QUERY, passages: shown.map((i) => PASSAGES[i]!) }),
      ),
    };
    const seen = scorer.see(promptsOf(job));
    const found: SingleAnswer[] = [];
    for await (const batch of askQuestions(job, scorer)) found.push(...batch);
    for (const { index, logits, logProbabilities, ms } of found.toSorted((a, b) => a.index - b.index)) {
      answers.push({
        template,
        shown: own[index]!.shown,
        logits: logits.map(short),
        logProbabilities: logProbabilities?.map(short),
        ms: Number(ms.toFixed(1)),
        tokens: seen[index]!.tokens.join(' '),
      });
    }
  }
  const { info } = scorer;
  await scorer.dispose();
  const on = `Node ${process.versions.node} on ${platform()}, ${cpus().length} cores (${cpus()[0]?.model.trim()})`;
  const made = { at: new Date().toISOString(), on };
  return { version: 1, made, checkpoint: info, query: QUERY, passages: PASSAGES, templates, answers };
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const lesson of RECORDED_QUESTIONS) {
    const text = `${JSON.stringify(await recordLesson(lesson))}\n`;
    writeFileSync(new URL(`public/samples/recordings/${lesson.file}.json`, root), text);
    console.log(`${lesson.file}: ${lesson.questions.length} answers, ${text.length} bytes`);
  }
}
