export { pipelineArns, type PipelineArns } from '../../stacks/pipeline-stack';
