namespace EnterprisePortal.Contracts;

/// <summary>A message for whoever listens. Every other one stays with its publisher until somebody has a queue for it.</summary>
public interface INeedNoReader;
