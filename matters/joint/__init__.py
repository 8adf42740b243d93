"""Joint matters (一件事, 并联审批): one notice, one form, one set of materials, one clock (国发〔2024〕3号).

``guide`` what a package says, ``merging`` the merge of its members' guides, ``checks`` what stops its publication.
"""
