/** The question and the six passages that lessons 2 and 3 ask a model about: the sample “Bicycles”, without its titles. */

export const QUERY = 'why does a moving bike stay upright';

export const PASSAGES: readonly string[] = [
  // p1 shares the query's words, and answers another question.
  'On an upright city bike the back stays straight and the rider sees over cars. Moving the bars up and towards the saddle gives a more upright position on any bike, at the price of more wind.',
  // p2 is the answer.
  "When a moving bike begins to lean, its front wheel turns towards the lean, partly by itself and partly by the rider's hands. The wheels are thus carried back under the rider's weight, again and again. That is how it stays upright; wheel spin alone is far too weak.",
  // p3 and p4 touch on it.
  'To start a left turn at speed, a rider first nudges the bars to the right for an instant. The wheels move out from under the body, and the moving bike leans left. Most people do it without ever having noticed.',
  'A spinning wheel resists tilting, and it was long believed that this is why a bike stays up. In 2011 engineers built a bicycle whose gyroscopic effect was cancelled by wheels that turned backwards. It stayed upright all the same.',
  // p5 helps to answer, in other words.
  "The front wheel touches the ground behind the line of the steering axis. This distance, called trail, makes the wheel follow like a shopping trolley's castor and turn into a lean. It helps a bike moving above walking pace to balance even without a rider.",
  // p6 is about something else.
  'On a fixed-gear bike the pedals turn whenever the wheel does. To slow down, riders resist the pedals. That may do on a flat road, but in many countries the law asks for a brake all the same.',
];

/** `p1` for the first passage. */
export const nameOf = (index: number): string => `p${index + 1}`;
