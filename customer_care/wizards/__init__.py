from . import care_segment_put, care_segment_why, care_stage_move
