/** The card of a folder that has none: what its files and its name tell, as for originals that are converted. */
import type { FileDigest, FolderFile, FolderReader } from '../bytes/byte-source.ts';
import { RankscopeError } from '../errors.ts';
import { labelsOf } from '../ranking/template.ts';
import type { T5Tokenizer } from '../tokenizer/t5-tokenizer.ts';
import { draftConverted } from './draft-converted.ts';
import { labelNotes } from './fit.ts';
import { readConfig, readLicense } from './hf-folder.ts';
import { pairsIn } from './pair-files.ts';
import type { CardTemplate, RankerCard } from './ranker-card.ts';

/**
 * @param files of the folder; those whose digest is known stand on the card
 * @param config parsed config.json
 * @param name absent: the folder's
 * @throws RankscopeError 'bad-checkpoint' or 'missing' where no scorer can be made of the files
 */
export async function deriveCard(
  folder: FolderReader,
  files: readonly FolderFile[],
  config: Readonly<Record<string, unknown>>,
  name?: string,
): Promise<RankerCard> {
  const pairs = pairsIn(files, config, folder.name);
  const license = await readLicense(folder);
  const { draft } = draftConverted({ config, license }, { source: folder.name, name, command: '' });
  const known = files.flatMap(({ path, size, sha256 }): [string, FileDigest][] =>
    sha256 === undefined ? [] : [[path, { bytes: size, sha256 }]],
  );
  return {
    format: 'rankscope-checkpoint',
    version: 1,
    ...draft,
    scorers: Object.fromEntries(pairs.map(({ dtype, decoder }) => [dtype, decoder.graph.path])),
    files: Object.fromEntries(known),
  };
}

/** The card of a folder in transformers.js' layout, before any of its weights is read. @throws as `deriveCard` */
export const describePair = async (folder: FolderReader, files: readonly FolderFile[]): Promise<RankerCard> =>
  deriveCard(folder, files, await readConfig(folder));

/**
 * Without the templates whose labels are not single tokens of this model: nobody wrote them down for it.
 * @throws RankscopeError 'bad-checkpoint' that says why, where none is left
 */
export function withUsableLabels(card: RankerCard, tokenizer: T5Tokenizer): RankerCard {
  const wrong = (template: CardTemplate) =>
    labelNotes(labelsOf(template), card.name, (label) => tokenizer.labelId(label));
  const templates = card.templates.filter((template) => wrong(template).length === 0);
  if (templates.length > 0) return { ...card, templates };
  const why = wrong(card.templates[0]!)[0]!.text;
  throw new RankscopeError('bad-checkpoint', `${card.name} cannot be asked in any known wording. ${why}`);
}
