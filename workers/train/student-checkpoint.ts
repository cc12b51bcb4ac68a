/** A student that was trained in the page, as a checkpoint: the page ranks with it, the trainer goes on from it. */
import { BlobWriter, configure, Uint8ArrayReader, ZipWriter } from '@zip.js/zip.js/lib/zip-core-native.js';
import { memoryWriter } from '../../src/bytes/memory.ts';
import { type CardContent, writeCheckpoint } from '../../src/checkpoint/build/write-checkpoint.ts';
import type { Dtype } from '../../src/inference/scorer.ts';
import { withoutTrained } from '../../src/ranking/templates.ts';
import { readable, type T5Model } from '../../src/t5/weights.ts';
import type {
  StudentFacts,
  StudentFiles,
  TrainOpened,
  TrainRequest,
} from '../../src/workers/train-protocol.ts';
import { OPTIMISER, STUDENT_WORDING } from './page-student.ts';
import type { BaseModel } from './read-base.ts';

// Its own workers would be started from a blob; this is one already.
configure({ useWebWorkers: false });

/** For WASM and for graphics cards. */
const DTYPES: readonly Dtype[] = ['int8', 'q8'];
const WEIGHTS = 'model.safetensors';

export interface FinishedStudent {
  readonly base: BaseModel;
  readonly model: T5Model;
  readonly steps: number;
  readonly request: TrainRequest;
  readonly opened: TrainOpened;
  readonly facts: StudentFacts;
}

/** @throws what writing throws */
export async function studentFiles(student: FinishedStudent): Promise<StudentFiles> {
  const { base, model } = student;
  const title = `Lesson student, ${student.steps} steps`;
  const writer = memoryWriter('lesson-student/');
  const card = await writeCheckpoint(writer, {
    model: readable(model),
    dtypes: DTYPES,
    weights: 'F32',
    tokenizerJson: base.files.tokenizerJson,
    tokenizerConfigJson: base.files.tokenizerConfigJson,
    card: cardOf(student, title),
  });
  const files = [...writer.files].map(([path, bytes]) => {
    return { path, size: bytes.length, sha256: card.files[path]?.sha256, blob: new Blob([bytes]) };
  });
  return { title, digest: card.files[WEIGHTS]!, files };
}

/** All files in a folder of one zip, which “Open folder or zip” reads again. */
export async function zipOf(folder: string, files: StudentFiles['files']): Promise<Blob> {
  const zip = new ZipWriter(new BlobWriter('application/zip'));
  for (const { path, blob } of files) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    // Weights hardly shrink, and stored ones are read by position.
    await zip.add(`${folder}/${path}`, new Uint8ArrayReader(bytes), { level: 0 });
  }
  return zip.close();
}

function cardOf(
  { base: { card }, steps, request, opened, facts }: FinishedStudent,
  title: string,
): CardContent {
  const { taught, heldOut, candidates, seed } = request;
  const { learningRate, listSize } = facts.settings;
  const row = { set: heldOut.title, queries: heldOut.queries.length };
  const reached = facts.ndcgCurve.at(-1)?.[1];
  const weights = card.files[WEIGHTS]?.sha256;
  return {
    name: title,
    role: 'student',
    description:
      `Trained in the page, in the lesson on instruction distillation: ${card.name} compared ${candidates} passages of each ` +
      `of ${taught.queries.length} questions in pairs, and a copy of it learnt for ${steps} steps to rank them the same way with one call a passage. ` +
      'So few questions make a demonstration, not a ranker to rely on.',
    license: card.license,
    templates: [withoutTrained(STUDENT_WORDING)],
    limits: card.limits,
    provenance: {
      base: card.name,
      baseSha256: weights,
      teacher: card.name,
      teacherSha256: weights,
      data: [
        {
          name: `Rankscope sample “${taught.title}”`,
          license: 'CC0-1.0',
          use: `${taught.queries.length} questions without grades, top ${candidates} passages of BM25 each, ranked by the teacher`,
        },
        ...card.provenance.data.map(({ name, license, use }) => ({
          name,
          license,
          use: `of the base: ${use}`,
        })),
      ],
      steps,
      seed,
      lossCurve: facts.lossCurve,
      validation: facts.ndcgCurve.map(([step, ndcg10]) => ({
        step,
        values: { ndcg10, bm25: opened.ndcg.bm25 },
      })),
      settings: {
        loss: 'ranknet',
        learningRate,
        listSize,
        weightDecay: OPTIMISER.weightDecay,
        clip: OPTIMISER.clipNorm,
      },
      command: '“Train” in the lesson on instruction distillation, in the page',
      date: new Date().toISOString().slice(0, 10),
    },
    evaluation: [
      { ...row, method: 'BM25', ndcg10: opened.ndcg.bm25, callsPerQuery: 0 },
      {
        ...row,
        method: 'base, relevance (Yes − No)',
        ndcg10: opened.ndcg.relevance,
        callsPerQuery: candidates,
      },
      {
        ...row,
        method: 'teacher, PRP',
        ndcg10: opened.ndcg.teacher,
        callsPerQuery: candidates * (candidates - 1),
      },
      ...(reached === undefined
        ? []
        : [{ ...row, method: 'student', ndcg10: reached, callsPerQuery: candidates }]),
    ],
  };
}
