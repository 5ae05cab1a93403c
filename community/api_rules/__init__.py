"""What holds for every address of the API: who may, how it is paged, counted, refused, described.

Named in the settings, so that nothing here may import views; those begin at ``community.api_base``.
"""
