/**
 * `POST /v1/rerank` as Jina, Cohere, vLLM and llama.cpp answer it: a query and documents in, positions with scores out.
 * Fields that they have and this server has no use for are ignored.
 */
import * as v from 'valibot';
import { RankscopeError } from '../../../src/errors.ts';
import type { Passage } from '../../../src/types.ts';

export interface RerankRequest {
  readonly query: string;
  /** Ids are positions in `documents`. */
  readonly passages: readonly Passage[];
  readonly topN: number;
  /** Whether the answer repeats the documents' texts. */
  readonly withDocuments: boolean;
}

const Texts = v.object(
  { text: v.string('“text” must be a string'), title: v.optional(v.string('“title” must be a string')) },
  'a document is a string, or an object with “text”',
);
const Document = v.union(
  [v.string(), Texts],
  'a document is a string, or an object with “text” and perhaps “title”',
);
const Body = v.object(
  {
    query: v.pipe(
      v.string('“query” must be a string'),
      v.check((text) => text.trim() !== '', '“query” is empty'),
    ),
    documents: v.pipe(
      v.array(v.unknown(), '“documents” must be a list'),
      v.minLength(1, '“documents” is empty'),
    ),
    top_n: v.nullish(
      v.pipe(
        v.number('“top_n” must be a whole number from 1'),
        v.integer('“top_n” must be a whole number from 1'),
        v.minValue(1, '“top_n” must be a whole number from 1'),
      ),
    ),
    return_documents: v.nullish(v.boolean('“return_documents” must be true or false')),
  },
  'the body must be a JSON object with “query” and “documents”',
);

/**
 * @param most documents at most
 * @throws RankscopeError 'bad-input' that says which field is wrong
 */
export function readRerankRequest(body: string, most: number): RerankRequest {
  const { query, documents, top_n, return_documents } = checked(Body, json(body));
  if (documents.length > most) {
    throw bad(`“documents” has ${documents.length} entries, and this server ranks at most ${most} at a time`);
  }
  const passages = documents.map((document, i): Passage => {
    const given = checked(Document, document, `documents[${i}]: `);
    return typeof given === 'string' ? { id: String(i), text: given } : { id: String(i), ...given };
  });
  return {
    query,
    passages,
    topN: Math.min(top_n ?? passages.length, passages.length),
    withDocuments: return_documents ?? false,
  };
}

function checked<T extends v.GenericSchema>(schema: T, value: unknown, where = ''): v.InferOutput<T> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  throw bad(where + issues[0]!.message);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw bad(`the body is not JSON (${(error as Error).message})`);
  }
}

const bad = (reason: string) => new RankscopeError('bad-input', `${reason}.`);
