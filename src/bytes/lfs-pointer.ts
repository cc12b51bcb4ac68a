/** What `git clone` leaves where Git LFS is not installed: three lines of text in place of the weights. */
import { bad } from './byte-errors.ts';
import type { ByteSource } from './byte-source.ts';

const MARK = 'version https://git-lfs';

/** @throws RankscopeError 'bad-checkpoint' saying what to do */
export async function refusePointer(source: ByteSource): Promise<void> {
  if (source.size < MARK.length || source.size > 1024) return;
  if (new TextDecoder().decode(await source.read(0, MARK.length)) !== MARK) return;
  throw bad(
    source.name,
    'it is a Git LFS pointer, not the weights. Run “git lfs pull” in its folder, or download the file itself',
  );
}
