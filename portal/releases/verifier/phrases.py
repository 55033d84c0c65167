"""The sentences of the methodology statement in its two languages, with places for the released numbers."""

from __future__ import annotations

ENGLISH: dict[str, str] = {
    "heading": "Methodology: {title}",
    "intro": "This statement describes wave {wave}. It is written from the released inputs only. The verifier in this "
    "folder writes it again and compares every byte: a number that differs from the release is reported as a failure.",
    "asked": "What was asked, and of whom",
    "population.service_events": "The population is service events: each response judges one dealing with one unit. "
    "A person who used a service twice counts twice.",
    "population.residents": "The population is residents. One respondent may judge several units; every item belongs "
    "to one unit.",
    "population.customers": "The population is customers of the units: persons or bodies that used a service in the "
    "period, each counted once.",
    "population.roster": "The population is a closed roster of persons who were all asked.",
    "participation.open": "Participation was open: respondents chose themselves. The results hold for the population "
    "only if respondents resemble the others in their weighting class. This is not a probability sample. The intervals "
    "show the variation among the answers; they do not cover the error of self-selection.",
    "participation.links": "Participation was by one-time links, each issued for one transaction. Those who "
    "answered chose to do so; the intervals do not cover the error of non-response.",
    "participation.sample": "Respondents were invited from a sample. The intervals cover the error of sampling; they "
    "do not cover the error of non-response.",
    "participation.roster": "Every member of the roster was invited. The intervals do not cover the error of "
    "non-response.",
    "period": "The field was open from {opens_on} to {closes_on}.",
    "coverage": "The plan names {scored_n} units to be judged. Figures are published for {shown_n} of them.",
    "responses": "Responses",
    "modes": "The public log {log} contains, for this wave, {response} responses given on the form, {imported} "
    "imported from other modes of collection, and {erased} erasures.",
    "ledger": "Every response received is accounted for:",
    "ledger.head": "category | number",
    "exclusions": "Excluded by reason:",
    "exclusions.head": "reason | number",
    "exclusions.none": "No response was excluded.",
    "response_share": "The registered population is {population_n}. The responses counted are {counted}, which is "
    "{response_share} per cent of it.",
    "no_response_rate": "The release does not contain the number of invitations. No response rate is stated.",
    "items": "Items",
    "items.text": "The answers below are unweighted and cover the units for which figures are published. A missing "
    "answer is never counted as satisfaction.",
    "items.head": "item | wording | unit judged | valid | not asked | skipped | refused | don't know | not applicable",
    "items.every": "the unit that served the respondent",
    "weighting": "Weighting",
    "method.poststratify": "Responses are weighted by post-stratification: within each unit, the responses of a class "
    "stand for the registered population of that class.",
    "method.rake": "Responses are weighted by raking: weights are adjusted in turn until the weighted shares agree "
    "with the population margins. Within each unit, the raked weights are then averaged over classes.",
    "method.none": "Responses are not weighted: every response has the weight 1.",
    "dimension": "{name}: {categories}",
    "dimensions": "Weighting dimensions:",
    "dimensions.none": "No weighting dimension is used.",
    "collapse": "A class needs at least {minimum_class} responses in its unit; smaller cells are joined with the "
    "nearest one by a fixed rule. Each unit has {cells_n} cells. The published units have {classes_n} classes in all; "
    "{collapsed_n} cells share a class with another.",
    "weights": "Official weights are whole thousandths, from {low} to {high}.",
    "margin_total": "Population total of the margin {name}: {total}.",
    "raking": "Raking took {raking_iterations} rounds. The largest raked weight is {largest_raked_weight}, and the "
    "effect of the raked weights on the variance is {kish_raked}. The weighted share of a category differs from its "
    "target by at most {largest_drift} percentage points once official weights are used. These figures and the weights "
    "themselves are computed from the sealed dataset.",
    "units.head": "unit | responses | population | classes | smallest weight | largest weight | sum of weights",
    "score": "Score and grades",
    "map": "Answers are turned into points: {points}. Answers counted as satisfied: {satisfied}.",
    "point": "{code} = {points}",
    "combine": "Points are averaged with the official weights and combined as follows. Every node has a score from 0 "
    "to 100.",
    "tree.unit": "For the unit {title}:",
    "tree.default": "For every unit without a rule of its own:",
    "node.sum_of_maxima": "sum of the points of its branches, on a scale of 0 to 100",
    "node.weighted_mean": "weighted mean of its branches",
    "node.item": "weighted mean of item {item}",
    "node.entry": "figure entered by staff ({entry}), without sampling error",
    "node.max": "at most {size} points",
    "node.weight": "weight {size}",
    "entries": "Figures entered by staff:",
    "entries.head": "unit | figure | value",
    "grade": "Grades are given by the rounded score:",
    "grade.from": "{name}: from {start}",
    "grade.lowest": "{name}: below",
    "rounding": "Figures are computed in exact fractions and rounded once, at the end, to {digits} decimal places, "
    "halves away from zero.",
    "precision": "Precision",
    "interval": "Intervals have a confidence of {confidence} per cent. The variance is linearised, with the classes "
    "of each unit as strata, and multiplied by the effect of clustering; critical values run from {low} to {high}.",
    "kish": "The effect of unequal weights on the variance (Kish) runs from {low} to {high}.",
    "clustering.psu": "Responses cluster in primary sampling units. The effect of clustering runs from {low} to "
    "{high}; it is computed from the sealed dataset.",
    "clustering.none": "No primary sampling unit is recorded; the effect of clustering is set to 1.000.",
    "ranked": "Ranks are sets: all ranks that the joint intervals of a peer group leave possible. Units whose sets "
    "overlap cannot be told apart by these data.",
    "not_ranked": "No ranks are published.",
    "suppression": "Suppression",
    "suppression.text": 'A unit with fewer than {minimum_n} responses has no figures. Only "<{minimum_n}" is '
    "published for it, and its responses are left out of the units above it. The number is no secret: where a single "
    "unit is withheld it follows from the ledger. What its respondents answered stands in no table.",
    "suppression.hidden": "Units without figures: {names}.",
    "suppression.none": "No unit was suppressed.",
    "proves": "What this release proves, and what it does not",
    "proves.public": "Figures marked public follow from the tables in this folder; anyone can compute them again. "
    "Figures marked sealed need the dataset and can be checked by an auditor who holds it. Its hash is in the log.",
    "proves.plan": "The plan, with the scheme, was logged before the dataset. The log head of {at} covers {size} "
    "leaves.",
    "proves.dropped": "A dropped response shows when the signed promise on the respondent's receipt does not match the "
    "log. A dropped response whose receipt nobody checks stays unseen.",
    "proves.altered": "An altered response shows in an audit that opens 299 responses at random: if one per cent or "
    "more are altered, it finds at least one with a probability of 95 per cent. A single altered response shows only "
    "to a respondent who checked before casting. This release alone does not show it.",
    "proves.stuffed": "Invented responses are limited only where one-time links or transaction counts limit them. "
    "Where participation is open, this release does not exclude them.",
    "proves.signature": "The signature proves the signer only when the key is compared with a copy obtained outside "
    "this folder.",
    "inputs": "Inputs",
    "inputs.head": "input | SHA-256",
    "none": "none",
    "join": ", ",
}

CHINESE: dict[str, str] = {
    "heading": "方法说明：{title}",
    "intro": "本说明适用于调查批次 {wave}，仅依据已公布的输入数据生成。"
    "本文件夹内的核验程序会重新生成本说明并逐字节比对，"
    "其中任何数字与公布内容不一致，均会报告为核验失败。",
    "asked": "调查内容与调查对象",
    "population.service_events": "调查总体为服务事项：每份答卷评价在一个单位办理的一次事项；同一人办理两次，计为两次。",
    "population.residents": "调查总体为居民。一名受访者可以评价多个单位，每道题目只对应一个单位。",
    "population.customers": "调查总体为服务对象：在调查期内接受过服务的个人或组织，每个对象计一次。",
    "population.roster": "调查总体为一份封闭名册，名册内人员全部列为调查对象。",
    "participation.open": "本次调查开放参与，受访者自愿作答。只有当受访者与同一加权类内的其他人相近时，"
    "结果才适用于总体。"
    "本次调查不是概率抽样。置信区间反映答案之间的差异，不包含自选偏差。",
    "participation.links": "本次调查通过一次性链接参与，每个链接对应一次办理事项。是否作答由本人决定，"
    "置信区间不包含无回答误差。",
    "participation.sample": "受访者由抽样选出并受邀参与。置信区间包含抽样误差，不包含无回答误差。",
    "participation.roster": "名册内人员全部受邀参与。置信区间不包含无回答误差。",
    "period": "调查时间为 {opens_on} 至 {closes_on}。",
    "coverage": "调查方案列明被评价单位 {scored_n} 个，其中 {shown_n} 个单位公布数据。",
    "responses": "答卷情况",
    "modes": "公开日志 {log} 中，本批次共有在线填写答卷 {response} 份，由其他方式导入答卷 {imported} 份，"
    "删除记录 {erased} 条。",
    "ledger": "收到的每份答卷均有去向：",
    "ledger.head": "类别 | 数量",
    "exclusions": "按原因剔除：",
    "exclusions.head": "原因 | 数量",
    "exclusions.none": "没有剔除任何答卷。",
    "response_share": "登记总体为 {population_n}，计入统计的答卷为 {counted} 份，占总体的 {response_share}%。",
    "no_response_rate": "公布内容不包含邀请数量，因此不列出回答率。",
    "items": "题目",
    "items.text": "下表为未加权数据，范围为公布数据的单位。缺失答案不计为满意。",
    "items.head": "题目 | 题干 | 被评价单位 | 有效 | 未询问 | 跳过 | 拒答 | 不知道 | 不适用",
    "items.every": "为受访者办理事项的单位",
    "weighting": "加权",
    "method.poststratify": "答卷采用事后分层加权：在每个单位内，一个加权类的答卷代表该组的登记总体。",
    "method.rake": "答卷采用边际迭代加权：逐维调整权重，直至加权后的比例与总体边际一致；"
    "随后在每个单位内按加权类取平均值。",
    "method.none": "答卷不加权，每份答卷的权重均为 1。",
    "dimension": "{name}：{categories}",
    "dimensions": "加权维度：",
    "dimensions.none": "未使用加权维度。",
    "collapse": "每个加权类在其单位内至少须有 {minimum_class} 份答卷，不足的单元格按固定规则与最相近的单元格合并。"
    "每个单位有 {cells_n} 个单元格，公布数据的单位共有 {classes_n} 个加权类，"
    "其中 {collapsed_n} 个单元格与其他单元格同组。",
    "weights": "正式权重为千分之一的整数倍，最小 {low}，最大 {high}。",
    "margin_total": "边际“{name}”的总体合计为 {total}。",
    "raking": "迭代共 {raking_iterations} 轮，迭代后最大权重为 {largest_raked_weight}，"
    "迭代权重对方差的影响为 {kish_raked}。"
    "采用正式权重后，各类别的加权比例与目标值相差不超过 {largest_drift} 个百分点。"
    "上述数据及权重本身由封存数据集计算。",
    "units.head": "单位 | 答卷数 | 总体 | 加权类数 | 最小权重 | 最大权重 | 权重合计",
    "score": "得分与等级",
    "map": "答案按下列规则折算为分值：{points}。计为满意的答案：{satisfied}。",
    "point": "{code} = {points}",
    "combine": "分值按正式权重取平均值，并按下列结构合成。每个节点的得分在 0 至 100 之间。",
    "tree.unit": "单位“{title}”：",
    "tree.default": "没有单独规则的单位：",
    "node.sum_of_maxima": "各分项得分之和，按 0 至 100 计",
    "node.weighted_mean": "各分项的加权平均值",
    "node.item": "题目 {item} 的加权平均值",
    "node.entry": "由工作人员录入的数值（{entry}），不含抽样误差",
    "node.max": "满分 {size} 分",
    "node.weight": "权重 {size}",
    "entries": "由工作人员录入的数值：",
    "entries.head": "单位 | 项目 | 数值",
    "grade": "等级按四舍五入后的得分评定：",
    "grade.from": "{name}：{start} 分及以上",
    "grade.lowest": "{name}：低于上述分数",
    "rounding": "各项数据以精确分数计算，仅在最后四舍五入一次，保留 {digits} 位小数。",
    "precision": "精度",
    "interval": "置信区间的置信水平为 {confidence}%。方差采用线性化方法，以各单位的加权类为层，并乘以整群效应；"
    "临界值为 {low} 至 {high}。",
    "kish": "权重不等对方差的影响（Kish 设计效应）为 {low} 至 {high}。",
    "clustering.psu": "答卷按初级抽样单元聚集。整群效应为 {low} 至 {high}，由封存数据集计算。",
    "clustering.none": "未记录初级抽样单元，整群效应取 1.000。",
    "ranked": "名次以集合表示，即同类单位的联合置信区间所允许的全部名次。名次集合有重叠的单位，"
    "依据本次数据不能区分先后。",
    "not_ranked": "本次不公布名次。",
    "suppression": "不公布规则",
    "suppression.text": "答卷少于 {minimum_n} 份的单位不公布数据，仅标注“<{minimum_n}”，其答卷也不计入上级单位。"
    "该数量本身并不保密：仅有一个单位不公布时，可由答卷去向表推算；该单位的任何答案均不出现在公布的表格中。",
    "suppression.hidden": "不公布数据的单位：{names}。",
    "suppression.none": "没有单位因此不公布数据。",
    "proves": "本次公布能够证明与不能证明的事项",
    "proves.public": "标注为 public 的数据可由本文件夹内的表格推出，任何人都可以重新计算。"
    "标注为 sealed 的数据须使用数据集，"
    "由持有数据集的审计人员核验；数据集的哈希值已记入日志。",
    "proves.plan": "调查方案（含评分方案）先于数据集记入日志。{at} 的日志头涵盖 {size} 个叶节点。",
    "proves.dropped": "丢弃：受访者回执上的签名承诺与日志不符时可以发现。回执无人核对的，无法发现。",
    "proves.altered": "篡改：随机开启 299 份答卷进行审计，如被篡改的答卷达到百分之一，则有 95% 的概率至少发现一份。"
    "单份答卷被篡改，只有投递前核对过的受访者本人能够发现。仅凭本次公布内容不能发现篡改。",
    "proves.stuffed": "虚增：只有一次性链接或办理数量能够限制虚增答卷。在开放参与的情况下，本次公布内容不能排除虚增。",
    "proves.signature": "只有将密钥与本文件夹以外取得的副本核对一致，签名才能证明签署者的身份。",
    "inputs": "输入数据",
    "inputs.head": "输入 | SHA-256",
    "none": "无",
    "join": "、",
}

PHRASES = {"en": ENGLISH, "zh-Hans": CHINESE}

LABELS = {
    "en": {
        "received": "received",
        "counted": "counted",
        "over_quota": "over quota",
        "quarantined": "quarantined",
        "superseded": "superseded by a later answer",
        "withdrawn": "withdrawn or erased",
        "spoiled": "spoiled",
        "canary": "canary",
        "test": "test",
        "excluded": "excluded",
        "plan": "plan",
        "questionnaire": "questionnaire",
        "scheme": "scheme",
        "dataset": "dataset description",
        "parquet": "dataset",
    },
    "zh-Hans": {
        "received": "收到",
        "counted": "计入统计",
        "over_quota": "超出配额",
        "quarantined": "隔离待查",
        "superseded": "被后续答卷取代",
        "withdrawn": "撤回或删除",
        "spoiled": "作废",
        "canary": "监测答卷",
        "test": "测试",
        "excluded": "剔除",
        "plan": "调查方案",
        "questionnaire": "问卷",
        "scheme": "评分方案",
        "dataset": "数据集说明",
        "parquet": "数据集",
    },
}
