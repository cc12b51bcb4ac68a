import { messageOf } from '../../../errors.ts';
import { notify } from '../../../state/notices.ts';
import { MenuButton } from '../../ui/MenuButton.tsx';
import { savePng, saveSvg } from './save-picture.ts';

interface Props {
  readonly title: string;
  /** Of its files. */
  readonly name: string;
  /** The drawing as it is now; null while there is none. */
  readonly svg: () => SVGSVGElement | null;
}

/** A picture's files: as SVG, and as PNG for slides. */
export function SavePicture({ title, name, svg }: Props) {
  const png = async (): Promise<void> => {
    const drawn = svg();
    if (!drawn) return;
    try {
      await savePng(drawn, name);
    } catch (reason) {
      notify('warning', messageOf(reason));
    }
  };
  return (
    <MenuButton
      label={`Save picture: ${title}`}
      trigger="Save picture"
      items={[
        {
          label: 'As SVG',
          onSelect: () => {
            const drawn = svg();
            if (drawn) saveSvg(drawn, name);
          },
        },
        { label: 'As PNG', onSelect: () => void png() },
      ]}
    />
  );
}
