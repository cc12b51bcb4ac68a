import { beforeEach, describe, expect, it } from 'vitest';
import { useQuery } from './query.ts';

const asked = (...texts: string[]) => texts.map((text, i) => ({ id: `q${i + 1}`, text }));
const query = () => useQuery.getState();

describe('the query of a sample', () => {
  beforeEach(() => useQuery.setState({ text: '', suggestions: [], own: false, kept: false }));

  it('comes with the sample when nothing was typed', () => {
    query().offer(asked('tea?', 'coffee?'));
    expect(query()).toMatchObject({ text: 'tea?', own: false, kept: false });
    query().choose('coffee?');
    query().sampleChosen();
    query().offer(asked('stars?'));
    expect(query()).toMatchObject({ text: 'stars?', kept: false });
  });

  it('does not replace the user’s own words, and says so', () => {
    query().setText('my own');
    query().sampleChosen();
    query().offer(asked('tea?'));
    expect(query()).toMatchObject({ text: 'my own', own: true, kept: true, suggestions: asked('tea?') });
    query().setText('my own, edited');
    expect(query().kept).toBe(false);
  });

  it('counts a restored question of the sample as the sample’s', () => {
    useQuery.setState({ text: 'tea?', own: true });
    query().offer(asked('coffee?', 'tea?'));
    expect(query()).toMatchObject({ text: 'tea?', own: false });
  });

  it('takes an emptied box for no question', () => {
    query().setText('my own');
    query().setText(' ');
    query().offer(asked('tea?'));
    expect(query().text).toBe('tea?');
  });
});
