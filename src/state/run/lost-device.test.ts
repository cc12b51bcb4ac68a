/** A graphics device that goes in mid-run: the model is loaded again, and the run goes on from the answers it has. */
import { afterEach, describe, expect, it } from 'vitest';
import { deviceLost } from '../../inference/device-lost.ts';
import { useNotices } from '../notices.ts';
import { column, openReady, settled, type World } from '../testing/world.ts';

let world: World;
afterEach(() => world.stop());

const LOST = deviceLost('driver reset');
const workers = () => world.workers.filter(({ slot }) => slot === 'teacher');
const notices = () => useNotices.getState().notices.map(({ message }) => message);

/** A run in which the teacher's device goes before some batch, so often. */
async function run(times: number, batch = 3) {
  let left = times;
  world = await openReady({
    controls: {
      teacher: {
        beforeBatch: (n) => {
          if (n === batch && left-- > 0) throw LOST;
        },
      },
    },
  });
  world.rank();
  await settled();
}

describe('a lost device', () => {
  it('changes nothing of the ranking, and no answer is asked for twice', async () => {
    await run(0);
    const { order, scores } = column('teacher');
    expect(workers()).toHaveLength(1);
    world.stop();
    await run(1);
    expect(workers()).toHaveLength(2);
    expect(column('teacher')).toMatchObject({ state: 'done', order, scores });
    const { asked, cached } = column('teacher');
    expect(cached).toBeGreaterThan(0);
    expect(asked + cached).toBe(12);
    expect(workers()[1]!.asked).toBe(asked);
    expect(notices().join()).toContain('The graphics device was lost. The model is loaded again');
  });

  it('is found by a ranking that is measured anew', async () => {
    await run(0);
    let left = 1;
    world.controls.teacher.beforeBatch = (n) => {
      if (n === 3 && left-- > 0) throw LOST;
    };
    world.measureAgain();
    await settled();
    expect(column('teacher').state).toBe('done');
    expect(workers()[1]!.asked).toBeLessThan(12);
  });

  it('that goes again and again ends the run, which can be resumed', async () => {
    await run(3, 1);
    expect(column('teacher')).toMatchObject({ state: 'error' });
    expect(column('teacher').error?.message).toContain('The graphics device was lost (driver reset).');
    world.resume();
    await settled();
    expect(column('teacher').state).toBe('done');
  });
});
