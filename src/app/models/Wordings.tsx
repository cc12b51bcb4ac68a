import type { CardTemplate } from '../../checkpoint/ranker-card.ts';
import { answerWords } from '../../ranking/answer-words.ts';

/** The questions that it can be asked, those of its training apart from others that its card offers. */
export function Wordings({ templates }: { readonly templates: readonly CardTemplate[] }) {
  const others = templates.filter(({ trained }) => trained === false);
  return (
    <>
      <WordingList
        title="Wordings it was trained on"
        templates={templates.filter(({ trained }) => trained !== false)}
      />
      <WordingList title="Other wordings to ask it in" templates={others} />
    </>
  );
}

function WordingList({ title, templates }: { readonly title: string } & Parameters<typeof Wordings>[0]) {
  if (templates.length === 0) return null;
  return (
    <section>
      <h4 className="card-label">{title}</h4>
      {templates.map((template) => (
        <details key={template.id} className="card-template">
          <summary>
            {template.name} <span className="muted">· {template.kind}</span>
          </summary>
          <pre>{template.text}</pre>
          {'item' in template && <pre>{template.item}</pre>}
          <p className="muted">
            {'labels' in template
              ? `Answer words: ${template.labels.join(', ')}`
              : `Answer: ${answerWords(template)}`}
            {template.decoderPrefix && ` after “${template.decoderPrefix}”`} · {template.source}
          </p>
        </details>
      ))}
    </section>
  );
}
