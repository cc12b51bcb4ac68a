/** `model.safetensors`: the header at once, tensors when asked for. */
import type { ByteSource } from '../bytes/byte-source.ts';
import { headerLength, parseSafetensorsHeader } from '../t5/safetensors.ts';
import { decode, type TensorFile, type TensorSource } from './tensor-source.ts';

/**
 * @param file belongs to the result, which closes it
 * @throws RankscopeError 'bad-checkpoint' naming the file and what is wrong; the file is left open then.
 */
export async function safetensorsFile(file: ByteSource): Promise<TensorFile> {
  const { name: path } = file;
  const length = headerLength(await file.read(0, Math.min(8, file.size)), file.size, path);
  const header = parseSafetensorsHeader(await file.read(0, 8 + length), file.size, path);
  const tensors = new Map<string, TensorSource>();
  for (const [name, { dtype, shape, begin, end }] of header.tensors) {
    tensors.set(name, {
      name,
      path,
      stored: dtype,
      shape,
      scratch: 0,
      async read() {
        const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
        let at = 0;
        for await (const piece of file.pieces(header.dataStart + begin, header.dataStart + end)) {
          at += decode(dtype, piece, values, at);
        }
        return values;
      },
    });
  }
  return { tensors, paths: [path], bytes: file.size, close: () => file.close() };
}
