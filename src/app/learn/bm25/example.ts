/** The query and the five passages of the lesson; written for it. Each has a part to play. */

export const QUERY = 'noisy brakes';

export const PASSAGES: readonly string[] = [
  // A: short, and has both words.
  'Noisy brakes? Clean the rims and faces of pads.',
  // B: one of the two words, of middling length.
  'The brakes of a new bicycle may squeak for some days, until the pads and the rims have worn in.',
  // C: one word again and again.
  'Brakes of every kind: the shop here mends rim brakes, disc brakes and drum brakes, be they worn or noisy.',
  // D: long, with both words several times.
  'A bicycle is noisy for many reasons: a dry chain, a loose rack, a worn bearing. If the brakes are noisy, turn the pads so that the front of each pad touches the rim first. Wet brakes are noisy for the first turns of the wheel. If dry brakes stay noisy, see the shop and let them look at the pads.',
  // E: the answer in other words.
  'Squealing when you stop? Sand the glaze off the pads and wipe the metal with a drop of alcohol.',
];
