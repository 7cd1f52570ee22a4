namespace EnterprisePortal.Tests.EndToEnd.Support;

/// <summary>Tests that kill services or start portals of their own run after all others, one by one.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
