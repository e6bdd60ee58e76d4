/* 544589950e61a8bd */
(function(e){e.className="hz-starting",document.addEventListener("DOMContentLoaded",function(){setTimeout(function(){e.classList.contains("hz-live")||(e.className="")})})})(document.documentElement)
