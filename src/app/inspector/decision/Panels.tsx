import { type ReactNode, useId } from 'react';
import { Button } from '../../ui/Button.tsx';
import { type Panel, togglePanel, usePanels } from './panel-open.ts';

interface Tool {
  readonly panel: Panel;
  readonly title: string;
  readonly render: () => ReactNode;
}

/** The dialog's tools: a row of buttons, each of which opens its part below and closes the others. */
export function Panels({ panels }: { readonly panels: readonly Tool[] }) {
  const open = usePanels((s) => s.open);
  const id = useId();
  const shown = panels.find(({ panel }) => panel === open);
  return (
    <div className="decision-tools">
      <div className="decision-tool-buttons">
        {panels.map(({ panel, title }) => (
          <Button
            key={panel}
            aria-expanded={panel === open}
            aria-controls={panel === open ? id : undefined}
            onClick={() => togglePanel(panel)}
          >
            {title}
          </Button>
        ))}
      </div>
      {shown && (
        <section id={id} className="decision-tool" aria-label={shown.title}>
          {shown.render()}
        </section>
      )}
    </div>
  );
}
