import { text } from './form';

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

/** An AWS region. */
export const region = () =>
  text('an AWS region, such as eu-west-1', REGION, (got) => {
    const zone = /^(.+-\d{1,2})[a-z]$/.exec(got)?.[1];
    return zone !== undefined && REGION.test(zone) ? `this is a zone of it: write ${zone}` : undefined;
  });

/** The letter of an availability zone in the region. */
export const zone = () =>
  text('the letter of an availability zone, a to f', /^[a-f]$/, (got) => {
    const letter = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}([a-f])$/.exec(got)?.[1];
    return letter === undefined ? undefined : `write ${letter}`;
  });
