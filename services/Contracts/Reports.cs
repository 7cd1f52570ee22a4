// Published by Reports. GenerateAccountReport is read by Reports itself, one message per account, so that replicas share a run.
// ReportRunFinished is for programs that wait for a whole run: nothing in the portal does yet; webhooks will use it.
namespace EnterprisePortal.Contracts.Reports;

/// <summary>Take one account of a run one step further. The run's row says which step: repeating the message repeats nothing.</summary>
public record GenerateAccountReport(Guid RunId, string Account);

/// <summary>Every account of the run has its final state.</summary>
public record ReportRunFinished(Guid RunId, int Ready, int Failed, int Cancelled) : INeedNoReader;
