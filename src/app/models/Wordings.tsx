import type { TrainedTemplate } from '../../inference/ranker-card.ts';

/** The questions that it was trained to answer. */
export function Wordings({ templates }: { readonly templates: readonly TrainedTemplate[] }) {
  return (
    <section>
      <h4 className="card-label">Wordings it was trained on</h4>
      {templates.map((template) => (
        <details key={template.id} className="card-template">
          <summary>
            {template.name} <span className="muted">· {template.kind}</span>
          </summary>
          <pre>{template.text}</pre>
          <p className="muted">
            Answer words: {template.labels.join(', ')}
            {template.decoderPrefix && ` after “${template.decoderPrefix}”`} · {template.source}
          </p>
        </details>
      ))}
    </section>
  );
}
